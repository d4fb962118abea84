/** What @convenant/municipality-service offers to other projects. */
export { municipalityService } from './municipality.service.js';
