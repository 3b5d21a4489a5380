// Everything of Vega in one chunk: charts come compiled, and the interpreter needs no eval, as the security policy demands.
export { Error, View, changeset, parse } from "vega";
export { expressionInterpreter } from "vega-interpreter";
export { Handler } from "vega-tooltip";
