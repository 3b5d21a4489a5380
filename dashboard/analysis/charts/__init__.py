"""Charts in pure Altair: rows and options in; Vega-Lite specification, shown figures and words out."""

from dashboard.analysis.charts.chart import Chart, ChartOptions, Theme
from dashboard.analysis.charts.registry import KINDS, ChartKind

__all__ = ["KINDS", "Chart", "ChartKind", "ChartOptions", "Theme"]
