import { readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

// The fonts' licence has to go where the fonts go. Vite collects the licences of
// code only.
function fontLicenses(): Plugin {
  return {
    name: 'font-licenses',
    generateBundle() {
      const text = ['inter', 'fira-code']
        .map((font) => readFileSync(new URL(`node_modules/@fontsource-variable/${font}/LICENSE`, import.meta.url), 'utf8'))
        .join('\n');
      this.emitFile({ type: 'asset', fileName: 'font-licenses.txt', source: text });
    },
  };
}

// The gateway serves the page at / and everything else below /playground/.
export default defineConfig({
  base: '/playground/',
  plugins: [react(), fontLicenses()],
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0, // the page's security policy admits files, not data URLs
    chunkSizeWarningLimit: 3_000, // the editor is one large chunk
    license: { fileName: 'third-party-licenses.md' },
    rolldownOptions: {
      // GraphiQL carries hints for another compiler, which say nothing here.
      onwarn(warning, warn) {
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
  worker: { format: 'es' },
  // For npm run dev, beside a gateway on its usual port.
  server: {
    proxy: {
      '/graphql': 'http://localhost:4000',
      '/playground/config.json': 'http://localhost:4000',
    },
  },
});
