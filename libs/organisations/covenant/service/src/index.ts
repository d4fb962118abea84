/** What @convenant/covenant-service offers to other projects. */
export { covenantService } from './covenant.service.js';
