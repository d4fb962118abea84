/** What the commands and queries of this service share: who is on the team, and under what they are logged. */
export const team = ['caseManager', 'clinician', 'employmentSpecialist'] as const;
export const entered = { event: 'enter', action: 'C', activity: 'client-support' } as const;
export const changed = { event: 'add', action: 'U', activity: 'client-support' } as const;
export const readFile = { event: 'read', action: 'R', activity: 'client-support' } as const;
export const listed = { event: 'list', action: 'R', activity: 'client-support' } as const;
