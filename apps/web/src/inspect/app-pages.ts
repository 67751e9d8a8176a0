/** The two pages of the inspector's app in one file, so that whoever has seen one has both without a network. */
export { default as InspectionPage } from './inspection-page.vue'
export { default as ListPage } from './list-page.vue'
