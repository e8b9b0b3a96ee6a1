/** Plain sentences about fields, by the name of the field or by `parent/name` where the name alone says too little. */
export type Explanations = Readonly<Record<string, string>>;
