/** The parts that inputs of commands and arguments of queries are made of, at every organisation. */
import { z } from 'zod';

/** Chosen by the caller; the same id again is the same request. */
export const requestId = z.uuid();
export const id = z.string().min(1).max(100);
export const date = z.iso.date();
/** Of a command about one client. */
export const aboutClient = { requestId, clientId: id };
/** Of a query about one client; she herself names nobody, so where she may ask it is `ofClient.partial()`. */
export const ofClient = z.strictObject({ clientId: id });
export const nothing = z.strictObject({});
