/** Paging as every list takes it. */
export const pageQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    offset: { type: 'integer', minimum: 0, default: 0 },
    limit: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
  },
} as const;

export interface PageQuery {
  readonly offset: number;
  readonly limit: number;
}
