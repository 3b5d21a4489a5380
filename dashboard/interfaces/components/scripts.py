"""Where the browser's own small components are: beside this file, served with the pages."""

import reflex as rx

BROWSER = rx.asset("browser.jsx", shared=True).importable_path
CONTROLS = rx.asset("controls.jsx", shared=True).importable_path
COMBOBOX = rx.asset("combobox.jsx", shared=True).importable_path
CHART = rx.asset("chart_figure.jsx", shared=True).importable_path
VEGA = rx.asset("vega_runtime.js", shared=True).importable_path
DRAWING = rx.asset("drawing.js", shared=True).importable_path
