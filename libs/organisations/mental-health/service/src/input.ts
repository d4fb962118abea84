/** The parts that the inputs of this service share. */
import { z } from 'zod';

/** Chosen by the caller; the same id again is the same request. */
export const requestId = z.uuid();
export const id = z.string().min(1).max(100);
export const date = z.iso.date();
export const aboutClient = { requestId, clientId: id };
export const ofClient = z.strictObject({ clientId: id.optional() });
export const nothing = z.strictObject({});

export const team = ['caseManager', 'clinician', 'employmentSpecialist'] as const;
export const entered = { event: 'enter', action: 'C', activity: 'client-support' } as const;
export const changed = { event: 'add', action: 'U', activity: 'client-support' } as const;
export const readFile = { event: 'read', action: 'R', activity: 'client-support' } as const;
export const listed = { event: 'list', action: 'R', activity: 'client-support' } as const;
