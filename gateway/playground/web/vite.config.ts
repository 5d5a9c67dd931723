import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The gateway serves the page at / and everything else below /playground/.
export default defineConfig({
  base: '/playground/',
  plugins: [react()],
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
});
