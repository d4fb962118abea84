/** The messages between organisations: the only words that two of them share. */
export * from './contract.js';
export * from './message.js';
export * from './control.js';
export * from './disclosures.js';
export * from './catalogue.js';
