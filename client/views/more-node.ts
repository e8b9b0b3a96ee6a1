import * as vscode from 'vscode';

/** The last row of a list that goes on: loads the next part when it is chosen. */
export class MoreNode {
  readonly shown: number;
  readonly total: number;
  readonly load: () => void;

  constructor(shown: number, total: number, load: () => void) {
    this.shown = shown;
    this.total = total;
    this.load = load;
  }

  item(): vscode.TreeItem {
    const item = new vscode.TreeItem(vscode.l10n.t('Load more...'));
    item.description = vscode.l10n.t('{0} of {1}', this.shown, this.total);
    item.iconPath = new vscode.ThemeIcon('ellipsis');
    item.command = { command: 'dlms.loadMore', title: vscode.l10n.t('Load More'), arguments: [this] };
    return item;
  }
}
