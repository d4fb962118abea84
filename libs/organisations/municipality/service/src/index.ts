/** What @convenant/municipality-service offers to other projects. */

export {};
