/** What @convenant/mental-health-service offers to other projects. */
export { mentalHealthService } from './mental-health.service.js';
