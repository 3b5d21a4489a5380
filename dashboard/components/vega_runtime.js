// Everything of Vega in one chunk, fetched when the first chart is drawn. The expression interpreter keeps the page free
// of eval, as the content security policy demands.
export { default as embed } from "vega-embed";
export { changeset } from "vega";
export { expressionInterpreter } from "vega-interpreter";
