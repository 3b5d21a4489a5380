// Everything of Vega in one chunk, fetched when the first chart is drawn. Charts come compiled, so that no compiler is in
// it; the expression interpreter keeps the page free of eval, as the content security policy demands.
export { Error, View, changeset, parse } from "vega";
export { expressionInterpreter } from "vega-interpreter";
export { Handler } from "vega-tooltip";
