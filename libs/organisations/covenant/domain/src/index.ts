/** What @convenant/covenant-domain offers to other projects. */

export {};
