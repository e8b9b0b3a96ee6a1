import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { openNew, until } from './workbench.ts';

const errorsOf = (uri: vscode.Uri) =>
  vscode.languages.getDiagnostics(uri).filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error);

describe('the language', () => {
  it('is dlmsmeter for .dlmsmeter files, and shows an error where it is', async () => {
    const document = await openNew('broken.dlmsmeter', 'meter "Broken" {\n  objekt 1\n}\n');
    assert.equal(document.languageId, 'dlmsmeter');
    const [first] = await until('an error', () => {
      const errors = errorsOf(document.uri);
      return errors.length > 0 ? errors : undefined;
    });
    assert.ok(first);
    assert.ok(document.validateRange(first.range).isEqual(first.range), 'the range lies in the document');
    assert.ok(first.message.length > 0);
  });

  it('finds no error in the samples', async () => {
    const samples = await vscode.workspace.findFiles('**/*.dlmsmeter', 'broken.dlmsmeter');
    assert.ok(samples.length > 0, 'the workspace has samples');
    const broken = await vscode.workspace.findFiles('broken.dlmsmeter');
    for (const uri of samples) await vscode.workspace.openTextDocument(uri);
    // The server answers in order: when a change to the broken file is answered, the samples have been looked at.
    const [last] = broken;
    assert.ok(last);
    const document = await vscode.workspace.openTextDocument(last);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(last, new vscode.Position(0, 0), 'objekt 2\n');
    const before = errorsOf(last).length;
    await vscode.workspace.applyEdit(edit);
    await until('an answer to the change', () =>
      errorsOf(last).some(({ range }) => range.start.line === 0) ? true : undefined,
    );
    assert.ok(before > 0 && document.isDirty);
    assert.deepEqual(
      samples.flatMap((uri) =>
        errorsOf(uri).map(({ message }) => `${vscode.workspace.asRelativePath(uri)}: ${message}`),
      ),
      [],
    );
  });
});
