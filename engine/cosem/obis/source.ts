/**
 * Where a name comes from: one of the spaces kept for others (`manufacturer`, `utility`, `consortia`, `country`),
 * a row of the pattern table, or composition of the value groups.
 */
export type ObisNameSource = 'manufacturer' | 'utility' | 'consortia' | 'country' | 'pattern' | 'composed';
