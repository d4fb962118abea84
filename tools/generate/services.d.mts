/** Types of services.mjs, for the tests. */
import type { ServiceDefinition } from '@convenant/host';
export const services: readonly ServiceDefinition[];
