"""Pure Altair: rows and options in; Vega-Lite specification, figures shown and the words that say it, out."""

from dashboard.charts.chart import Chart, ChartOptions, Theme
from dashboard.charts.registry import KINDS, ChartKind

__all__ = ["KINDS", "Chart", "ChartKind", "ChartOptions", "Theme"]
