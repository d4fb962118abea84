/** What @convenant/insurer-domain offers to other projects. */
export { compositions, insurerCatalogues, insurerViews } from './catalogue.js';
