import { clock } from '../../figures.ts';
import type { AssociationRow, EvidenceRow, ObjectRow } from '../../messages.ts';
import { DataGrid } from '../../table/data-grid.ts';

/** Object identifiers sort by their numbers: `1-0:1.8.0.255` before `1-0:1.8.10.255`. */
export function objectGrid(): DataGrid<ObjectRow> {
  return new DataGrid<ObjectRow>({
    label: 'Objects',
    key: (row) => `${row.obis} ${row.class}`,
    empty: 'No object list was read. A public association may not show it.',
    columns: [
      { id: 'obis', title: 'OBIS', width: 11.5, monospace: true, text: (row) => row.obis },
      { id: 'name', title: 'Name', width: 16, grow: 3, text: (row) => row.name },
      {
        id: 'class',
        title: 'Class',
        width: 4,
        align: 'end',
        text: (row) => String(row.class),
        order: (row) => row.class,
      },
      {
        id: 'version',
        title: 'Version',
        width: 5,
        align: 'end',
        text: (row) => String(row.version),
        order: (row) => row.version,
      },
      {
        id: 'baseName',
        title: 'Base name',
        width: 7,
        align: 'end',
        monospace: true,
        text: (row) => (row.baseName === undefined ? '' : `0x${row.baseName.toString(16).padStart(4, '0')}`),
        order: (row) => row.baseName ?? -1,
      },
      { id: 'access', title: 'Access', width: 10, grow: 2, text: (row) => row.access },
    ],
  });
}

export function associationGrid(): DataGrid<AssociationRow> {
  return new DataGrid<AssociationRow>({
    label: 'Associations',
    key: (row) => `${row.client} ${row.server} ${row.mechanism}`,
    empty: 'No association was tried.',
    columns: [
      {
        id: 'client',
        title: 'Client',
        width: 4.5,
        align: 'end',
        text: (row) => String(row.client),
        order: (row) => row.client,
      },
      {
        id: 'server',
        title: 'Server',
        width: 4.5,
        align: 'end',
        text: (row) => String(row.server),
        order: (row) => row.server,
      },
      { id: 'mechanism', title: 'Authentication', width: 9, text: (row) => row.mechanism },
      { id: 'ciphered', title: 'Ciphered', width: 6, text: (row) => (row.ciphered ? 'yes' : 'no') },
      { id: 'established', title: 'Established', width: 7.5, text: (row) => (row.established ? 'yes' : 'no') },
      {
        id: 'maxPdu',
        title: 'Max. PDU',
        width: 6.5,
        align: 'end',
        text: (row) => (row.maxPdu === undefined ? '' : String(row.maxPdu)),
        order: (row) => row.maxPdu ?? -1,
      },
      { id: 'origin', title: 'Known by', width: 6.5, text: (row) => row.origin },
      { id: 'diagnostic', title: 'Diagnostic', width: 10, grow: 1, text: (row) => row.diagnostic ?? '' },
      { id: 'conformance', title: 'Conformance', width: 12, grow: 3, text: (row) => row.conformance.join(', ') },
    ],
  });
}

/** Evidence in the order it was collected; rows are told apart by their place. */
export function evidenceGrid(): DataGrid<EvidenceRow & { readonly index: number }> {
  return new DataGrid<EvidenceRow & { readonly index: number }>({
    label: 'Evidence',
    key: ({ index }) => String(index),
    empty: 'No evidence is stored for this meter.',
    fixedOrder: true,
    columns: [
      { id: 'index', title: '#', width: 3.5, align: 'end', text: ({ index }) => String(index) },
      { id: 'time', title: 'Time', width: 9, monospace: true, text: (row) => clock(row.time) },
      { id: 'kind', title: 'Kind', width: 5, text: (row) => row.kind },
      { id: 'step', title: 'Step', width: 12, grow: 1, text: (row) => row.step },
      { id: 'text', title: 'Octets or text', width: 16, grow: 3, monospace: true, text: (row) => row.text },
    ],
  });
}
