/** What @convenant/uwv-service offers to other projects. */
export { uwvService } from './uwv.service.js';
