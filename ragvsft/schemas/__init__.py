"""A task's JSON Schema: checked whole at the start, shown in the prompt, and held against values.

Nothing is ever fetched: a reference leads to a place in the same file or nowhere.
"""
