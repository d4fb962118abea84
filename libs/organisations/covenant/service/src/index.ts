/** What @convenant/covenant-service offers to other projects. */

export {};
