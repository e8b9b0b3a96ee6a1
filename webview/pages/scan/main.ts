import '../../styles/page.css';
import './scan.css';
import { registerControls } from '../../toolkit.ts';
import { ScanPage } from './scan-page.ts';

registerControls();
new ScanPage(document.body).start();
