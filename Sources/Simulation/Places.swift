/// A city in which the invented group has stores: province, name, middle (WGS 84) and the head of its plates.
struct City: Sendable {
  let province: String
  let name: String
  let latitude: Double
  let longitude: Double
  let plate: String
}

enum Places {
  static let cities: [City] = [
    City(province: "浙江省", name: "杭州市", latitude: 30.25, longitude: 120.17, plate: "浙A"),
    City(province: "浙江省", name: "宁波市", latitude: 29.87, longitude: 121.55, plate: "浙B"),
    City(province: "江苏省", name: "苏州市", latitude: 31.30, longitude: 120.58, plate: "苏E"),
    City(province: "江苏省", name: "南京市", latitude: 32.06, longitude: 118.79, plate: "苏A"),
    City(province: "江苏省", name: "无锡市", latitude: 31.57, longitude: 120.30, plate: "苏B"),
    City(province: "安徽省", name: "合肥市", latitude: 31.82, longitude: 117.23, plate: "皖A"),
    City(province: "湖北省", name: "武汉市", latitude: 30.59, longitude: 114.30, plate: "鄂A"),
    City(province: "湖南省", name: "长沙市", latitude: 28.23, longitude: 112.94, plate: "湘A"),
    City(province: "江西省", name: "南昌市", latitude: 28.68, longitude: 115.86, plate: "赣A"),
    City(province: "福建省", name: "福州市", latitude: 26.07, longitude: 119.30, plate: "闽A"),
    City(province: "四川省", name: "成都市", latitude: 30.57, longitude: 104.07, plate: "川A"),
    City(province: "山东省", name: "济南市", latitude: 36.65, longitude: 117.12, plate: "鲁A"),
  ]

  /// Districts of no city in particular.
  static let districts = ["城东区", "城西区", "城南区", "城北区", "湖滨区", "高新区", "开发区", "新城区"]

  static let kilometresPerDegree = 111.2
}
