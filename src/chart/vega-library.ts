/** All that is used of Vega's packages: the build makes one file of this module and of what it loads of 40 packages. */
export { parse, resetSVGDefIds, View } from "vega";
export { compile } from "vega-lite";
