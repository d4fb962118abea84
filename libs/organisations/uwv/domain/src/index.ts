/** What @convenant/uwv-domain offers to other projects. */

export {};
