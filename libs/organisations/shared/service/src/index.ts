/** What @convenant/shared-service offers to other projects. */
export { baseSchema, sharedSchema } from './schema.js';
