/** What `dlms encode` writes. */
export const encodeForms = ['hex', 'json', 'xml'] as const;
export type EncodeForm = (typeof encodeForms)[number];
