/** The pure core that everything else is written in. */
export * from './category.js';
export * from './decider.js';
export * from './sealed.js';
export * from './event.js';
export * from './event-store.js';
export * from './view.js';
export * from './ports.js';
export * from './time.js';
export * from './run.js';
export * from './refusal.js';
export * from './bsn.js';
