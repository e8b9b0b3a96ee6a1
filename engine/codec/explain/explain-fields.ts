import type { Field } from '../result.ts';
import { explainField } from './explain-field.ts';

/** The tree with the `explanation` of each field that has one. The fields given stay as they are. */
export function explainFields(fields: readonly Field[], outer: readonly string[] = []): Field[] {
  return fields.map((field) => {
    const path = [...outer, field.name];
    const explanation = explainField(path);
    const explained: Field = explanation === undefined ? { ...field } : { ...field, explanation };
    if (field.children !== undefined) explained.children = explainFields(field.children, path);
    return explained;
  });
}
