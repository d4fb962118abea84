/** The parts that the inputs of this service share. */
import { z } from 'zod';

/** Chosen by the caller; the same id again is the same request. */
export const requestId = z.uuid();
export const id = z.string().min(1).max(100);
export const date = z.iso.date();
export const aboutClient = { requestId, clientId: id };
export const ofClient = z.strictObject({ clientId: id });
export const nothing = z.strictObject({});
