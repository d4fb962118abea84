/** What @convenant/shared-service offers to other projects. */

export {};
