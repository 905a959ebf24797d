{
  // The id comes from the cloud.
  "id": "shop-x2y4",
}
