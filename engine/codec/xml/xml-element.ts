/** An element of a parsed text. Namespace prefixes are cut off, comments and processing instructions left out. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Characters between the tags, when there are other than blanks. */
  readonly text: string;
  /** Index of its `<` in the text. */
  readonly at: number;
}
