"""Charts as static SVG, drawn by Altair and vl-convert: no script, no network, no ids.

Every colour is drawn as it is in the light theme. The page's stylesheet maps each of them by its attribute, so one
drawing serves both themes: `svg [fill="#0067a5"] { fill: var(--v2) }`. Every chart is drawn for a desktop and a phone.
"""
