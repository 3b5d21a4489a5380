"""Where the browser's own small components are: beside this file, served with the pages."""

import reflex as rx

BROWSER = rx.asset("browser.jsx", shared=True).importable_path
PICKER = rx.asset("picker.jsx", shared=True).importable_path
CHART = rx.asset("chart_figure.jsx", shared=True).importable_path
SHARE = rx.asset("share_dialog.jsx", shared=True).importable_path
ANSWER = rx.asset("answer.js", shared=True).importable_path
MATRIX = rx.asset("matrix.jsx", shared=True).importable_path
PROGRESS_MATRIX = rx.asset("progress_matrix.jsx", shared=True).importable_path
COVERAGE = rx.asset("coverage.jsx", shared=True).importable_path
SEARCH = rx.asset("search.jsx", shared=True).importable_path
VEGA = rx.asset("vega_runtime.js", shared=True).importable_path
DRAWING = rx.asset("drawing.js", shared=True).importable_path
STAGE = rx.asset("chart_stage.js", shared=True).importable_path
SPECS = rx.asset("chart_specs.js", shared=True).importable_path
RECENT = rx.asset("recent.jsx", shared=True).importable_path
PEERS = rx.asset("peers.jsx", shared=True).importable_path
