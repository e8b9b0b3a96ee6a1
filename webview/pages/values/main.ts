import '../../styles/page.css';
import { registerControls } from '../../toolkit.ts';
import { ValuesPage } from './values-page.ts';

registerControls();
new ValuesPage(document.body).start();
