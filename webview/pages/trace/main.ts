import '../../styles/page.css';
import './trace.css';
import { registerControls } from '../../toolkit.ts';
import { TracePage } from './trace-page.ts';

registerControls();
new TracePage(document.body).start();
