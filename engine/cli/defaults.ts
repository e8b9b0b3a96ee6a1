/** SQLite file of the commands, in the folder they are called in. */
export const databaseDefault = 'dlms-workbench.sqlite';
