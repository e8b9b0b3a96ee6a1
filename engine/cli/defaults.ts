/** SQLite file of the commands, in the folder they are called in. */
export const databaseDefault = 'dlms-workbench.sqlite';

/** Where REST answers when nothing else is said. */
export const defaultApiPort = 8430;
