import { useMonaco } from '@graphiql/react';

const rule = (token: string, foreground: string) => ({ token, foreground });

/** The editor lies on the page's own ground; its brackets all have the text's colour. */
function colours(ink: string, quiet: string, line: string): Record<string, string> {
  const brackets = [1, 2, 3, 4, 5, 6].map((i) => [`editorBracketHighlight.foreground${i}`, ink]);
  return {
    'editor.background': '#ffffff00',
    'editor.foreground': ink,
    'editorLineNumber.foreground': quiet,
    'editorLineNumber.activeForeground': ink,
    'editorIndentGuide.background1': line,
    'editorIndentGuide.activeBackground1': quiet,
    'scrollbar.shadow': '#00000000',
    focusBorder: '#00000000',
    ...Object.fromEntries(brackets),
  };
}

/** Tells the editor its colours, once it is there. */
export function useEditorThemes(): void {
  const monaco = useMonaco((state) => state.monaco);
  if (!monaco || defined.has(monaco)) return;
  defined.add(monaco);
  monaco.editor.defineTheme('weft-light', {
    base: 'vs',
    inherit: true,
    colors: colours('#16212e', '#667385', '#dfe4e9'),
    rules: [
      rule('argument.identifier.gql', '7a4b00'),
      rule('keyword', '0b6b63'),
      rule('keyword.gql', '0b6b63'),
      rule('type.identifier.gql', '8a4fb8'),
      rule('key.identifier.gql', '1f3f8f'),
      rule('string.key.json', '1f3f8f'),
      rule('string.value.json', '0b6b45'),
      rule('string', '0b6b45'),
      rule('number', 'a3470b'),
      rule('comment', '6b7686'),
    ],
  });
  monaco.editor.defineTheme('weft-dark', {
    base: 'vs-dark',
    inherit: true,
    colors: colours('#e4ebf3', '#8594a8', '#273341'),
    rules: [
      rule('argument.identifier.gql', 'f4b860'),
      rule('keyword', '4fd8bf'),
      rule('keyword.gql', '4fd8bf'),
      rule('type.identifier.gql', 'd0a4f7'),
      rule('key.identifier.gql', '9fc1ff'),
      rule('string.key.json', '9fc1ff'),
      rule('string.value.json', '8fdcab'),
      rule('string', '8fdcab'),
      rule('number', 'ffab73'),
      rule('comment', '8594a8'),
    ],
  });
}

const defined = new WeakSet<object>();
