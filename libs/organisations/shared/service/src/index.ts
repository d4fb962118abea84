/** What @convenant/shared-service offers to other projects: the slices and the schema that every organisation with clients has. */
export { baseSchema, sharedSchema } from './schema.js';
export { sharedSlices } from './shared-slices.js';
export { aboutClient, date, id, nothing, ofClient, requestId } from './inputs.js';
export { herself, ownWork, type KindWithClients, type SharedOptions, type SharedSlices } from './shared-options.js';
export {
  categoriesInWords,
  categoryInWords,
  contractTitle,
  fieldLines,
  organisationName,
  purposeInWords,
} from './in-words.js';
// For specs: the other side of an exchange, in the world of any organisation.
export { exampleService } from './example/example-service.js';
