import 'react';

declare module 'react' {
  interface CSSProperties {
    /** The colour of a subgraph. */
    '--colour'?: string;
    /** The width of the plan's pane. */
    '--pane-width'?: string;
  }
}
