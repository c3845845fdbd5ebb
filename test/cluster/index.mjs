/** The throw-away control plane; see README.md. */
export { buildControlPlane, buildHelm } from './build.mjs';
export { connect } from './connect.mjs';
export { startControlPlane, withControlPlane } from './start.mjs';
