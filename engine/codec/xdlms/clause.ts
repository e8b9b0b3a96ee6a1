/** Clause named in the fields of xDLMS APDUs: the abstract syntax of all of them. */
export const XDLMS_CLAUSE = 'GB 9.5';
