/** What @convenant/insurer-service offers to other projects. */
export { insurerService } from './insurer.service.js';
